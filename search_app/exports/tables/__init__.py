"""Tables of the query module as files, in long form: one line a cell, or a row; all of them, or a fault before."""
