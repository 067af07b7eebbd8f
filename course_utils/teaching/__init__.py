"""For lecturers: slides and handouts of the chapters, with the minutes of each section."""
