"""Whether the rows of a data set are right: in themselves, and in what they say of each other.

`rows` reads a table, `columns` judges its cells, a column at a time; `checks` compares rows and
tables, and what they say together is in `cross_row_checks`, `numbered`, `postings`, `periods` and
`cycles`.
"""
