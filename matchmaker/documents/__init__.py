"""The one safe way in and out for workbooks.

Import from the modules: `reading.read_workbook`, `marking.mark_workbook`, `writing.write_workbook`
and `writing.write_csv`. Nothing is re-exported here, so that the child process which opens
strangers' files loads almost nothing of the program.
"""
