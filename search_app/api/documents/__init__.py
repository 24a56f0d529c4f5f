"""The API of the documents, and its part of the OpenAPI document."""
