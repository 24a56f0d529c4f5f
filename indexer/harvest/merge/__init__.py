"""Records → documents: which records are of one text, what the document says, which documents are written."""
