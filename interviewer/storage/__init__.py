"""Rows, events and snapshots with SQLAlchemy; migrations with Alembic."""
