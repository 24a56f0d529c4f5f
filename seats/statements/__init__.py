"""Seat statements: who may send them, in which forms, and what each line says."""
