"""What nbgrader is told in the folder of a course; `homework` copies it there once, and an instructor may add to it."""

c = get_config()  # noqa: F821 - nbgrader gives it
c.CourseDirectory.course_id = "dropout"
# The checks know an exercise that nobody has begun by this line.
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("your turn")'}
c.ExecutePreprocessor.timeout = 60
# Files that a learning platform names STUDENT_02_numpy_dropout.ipynb, for `nbgrader zip_collect`. No name begins with a
# dot, which could lead out of the folder, and none holds what nbgrader's pages would take for HTML.
c.FileNameCollectorPlugin.named_regexp = (
    r'.*[/\\](?P<student_id>(?!\.)[^/\\<>"\x00-\x1f]+?)_(?P<file_id>\d\d_[a-z]\w*)\.ipynb\Z'
)
