"""Charts, drawn on the server as SVG: they need no script, print well, and follow light and dark by CSS.

scale.py    a scale with round numbers
columns.py  one column for each day or hour, with what is compared beside it
steps.py    values that hold until the next one, such as prices
spark.py    a line of the size of a word

A chart is a value of numbers and texts; `amazon_channel/_chart.html` draws it, with a title, a sentence that says
what is to be seen, and a table of the same numbers.
"""

from flask_amazon_channel.admin.charts.columns import Column, Columns, columns
from flask_amazon_channel.admin.charts.spark import Spark, spark
from flask_amazon_channel.admin.charts.steps import Line, Steps, steps

__all__ = ["Column", "Columns", "Line", "Spark", "Steps", "columns", "spark", "steps"]
