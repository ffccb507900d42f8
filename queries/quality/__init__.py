"""What is doubtful in the data: one named function a kind of finding, in one list (`kinds`).

Facts that were entered, loaded or planned are judged over the columns of the personnel model
(`people`, `ranks`), pairs, posts and names beside it; what is found is kept and mended after a
write (`kept`), accepted with a reason (`accepted`) and shown (`listed`). A finding is a doubt,
never a correction: nothing here changes a fact.
"""
