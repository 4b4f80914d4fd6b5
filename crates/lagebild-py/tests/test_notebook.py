"""The notebook is true: its cells run one after another, and their last lines give what a notebook shows."""

import ast
import json
import pathlib

NOTEBOOK = pathlib.Path(__file__).parents[1] / "examples" / "tour.ipynb"


def test_the_tour_runs():
    cells = [cell for cell in json.loads(NOTEBOOK.read_text())["cells"] if cell["cell_type"] == "code"]
    names, shown = {}, []
    for number, cell in enumerate(cells):
        assert cell["outputs"] == [], "the notebook is kept without outputs"
        tree = ast.parse("".join(cell["source"]), f"cell {number + 1}")
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, f"cell {number + 1}", "exec"), names)
        if last is not None:
            shown.append(eval(compile(ast.Expression(last.value), f"cell {number + 1}", "eval"), names))
    assert "<mark" in shown[0]._repr_html_()
