"""A programme taken out of the database as one file that anybody can prove without us."""

from matchmaker.operations.exporting.refusals import ExportImpossible
from matchmaker.operations.exporting.writing import Export, export_in_pieces, plan_export

__all__ = ["Export", "ExportImpossible", "export_in_pieces", "plan_export"]
