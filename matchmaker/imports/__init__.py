"""Workbooks in: template, preview, annotated copy, all or nothing."""
