"""Makes chapter.ipynb of chapter.py, with its results: python examples/make_notebook.py.

The script is in the percent format that notebooks' tools share: `# %%` begins a cell, `[markdown]`
marks text, and the tag active-ipynb marks code that only the notebook runs.
"""

import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def notebook_of(script: str) -> nbformat.NotebookNode:
    """The cells of a script in the percent format, without results."""
    cells = []
    _, *parts = re.split(r"^# %%(.*)\n", script, flags=re.MULTILINE)
    for number, (heading, body) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
        is_text = "[markdown]" in heading
        commented = is_text or "active-ipynb" in heading
        source = re.sub(r"^# ?", "", body, flags=re.MULTILINE) if commented else body
        make = nbformat.v4.new_markdown_cell if is_text else nbformat.v4.new_code_cell
        cells.append(make(source.strip(), id=f"cell-{number}"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def main() -> None:
    notebook = notebook_of((HERE / "chapter.py").read_text(encoding="utf-8"))
    NotebookClient(notebook, timeout=1800, kernel_name="python3", coalesce_streams=True).execute()
    nbformat.write(notebook, HERE / "chapter.ipynb")


if __name__ == "__main__":
    main()
