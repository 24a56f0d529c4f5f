"""Completions of the letters typed so far: trainings, jobs, domains, certifications, providers."""

from search_app.search.suggest.entries import Suggestion
from search_app.search.suggest.suggester import Suggester, Suggestions

__all__ = ["Suggester", "Suggestion", "Suggestions"]
