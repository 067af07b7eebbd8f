"""What demos and slides share in the room: keys, a cover, A beside B, a link for phones, the presenter's window."""
