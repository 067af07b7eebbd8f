import pytest

from course_utils.workshop.authoring.chapters import ChapterError, find_chapters, select_chapters


@pytest.fixture
def chapters(course):
    course.write("01_theory", "")
    course.write("02_numpy", "")
    course.write("appendix", "")
    (course.notebooks_dir / "09_orphan.ipynb").write_text("{}")
    return find_chapters(course.notebooks_dir)


def names(chapters):
    return [chapter.stem for chapter in chapters]


def test_a_chapter_may_have_a_source_a_notebook_or_both(chapters, course):
    assert names(chapters) == ["01_theory", "02_numpy", "09_orphan", "appendix"]
    assert chapters[0].source == course.source_dir / "01_theory" / "chapter.py"
    assert chapters[0].notebook == course.notebooks_dir / "01_theory.ipynb"


TWO = "notebooks/source/02_numpy"


@pytest.mark.parametrize("asked", ["02", "2", "02_numpy", TWO, f"{TWO}/chapter.py", "notebooks/02_numpy.ipynb"])
def test_a_chapter_has_many_names(chapters, asked):
    assert names(select_chapters(chapters, [asked])) == ["02_numpy"]


def test_each_is_chosen_once_and_in_order_and_no_name_means_all(chapters):
    assert names(select_chapters(chapters, ["appendix", "2", "02_numpy", "1"])) == ["01_theory", "02_numpy", "appendix"]
    assert select_chapters(chapters, []) == chapters


def test_unknown_name_lists_what_exists(chapters):
    words = "^7: no such chapter; there are: 01_theory, 02_numpy, 09_orphan, appendix$"
    with pytest.raises(ChapterError, match=words):
        select_chapters(chapters, ["7"])


def test_a_number_used_twice_is_refused(chapters, course):
    course.write("02_again", "")
    with pytest.raises(ChapterError, match="more than one chapter has this number; there are: 02_again, 02_numpy"):
        select_chapters(find_chapters(course.notebooks_dir), ["2"])


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(ChapterError, match="source: no such folder"):
        find_chapters(tmp_path)
