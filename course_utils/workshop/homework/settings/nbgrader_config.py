"""What nbgrader is told in the folder of a course; `homework` copies it there once, and an instructor may add to it."""

from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin

from course_utils.workshop.homework.uploads import collected

c = get_config()  # noqa: F821 - nbgrader gives it
c.CourseDirectory.course_id = "dropout"
# The checks know an exercise that nobody has begun by this line.
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("your turn")'}
c.ExecutePreprocessor.timeout = 60


class Uploads(FileNameCollectorPlugin):
    """Files as learning platforms name them and their folders, for `nbgrader zip_collect`."""

    def collect(self, submitted_file):
        """Return whose notebook a file is, and which."""
        course = self.parent.coursedir
        source = course.format_path(course.source_directory, ".", course.assignment_id)
        return collected(submitted_file, sorted(path.stem for path in Path(source).glob("*.ipynb")))


c.ZipCollectApp.collector_plugin = Uploads
