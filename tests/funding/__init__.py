"""Properties of the funding rules over random situations, and a mutation run over the rules themselves.

``python -m tests.funding`` runs both; ``tests/unit/funding`` runs fewer draws.
"""
