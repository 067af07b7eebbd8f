"""What Jupyter's servers and commands in .venv are told; the Makefile copies it there, and voila.json for Voilà."""

# What is installed for commands stays out of the students' JupyterLab: nbgrader would put an instructor's menu there,
# two seconds later, and the kernel for browsers belongs to JupyterLite. Even what is switched off would be loaded.
PARTS = ("assignment_list", "course_list", "formgrader", "validate_assignment")
EXTENSIONS = ("@jupyter/nbgrader", "@jupyterlite/pyodide-kernel-extension")


def without_extensions(_, page_config):
    """Take them from what a page of JupyterLab or Notebook loads."""
    loaded = page_config["federated_extensions"]
    page_config["federated_extensions"] = [one for one in loaded if one["name"] not in EXTENSIONS]
    return page_config


c = get_config()  # noqa: F821 - Jupyter gives it
c.ServerApp.jpserver_extensions = {f"nbgrader.server_extensions.{part}": False for part in PARTS}
c.ServerApp.tornado_settings = {"page_config_hook": without_extensions}
# `nbconvert --to html` makes pages whose figures are dead, and which ask for scripts, unless it is told better.
c.HTMLExporter.preprocessors = ["course_utils.workshop.web_page.self_contained"]
c.HTMLExporter.filters = {"markdown2html": "course_utils.workshop.web_page.readable_text"}
