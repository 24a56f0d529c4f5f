"""Pages of the documents, and the block « S’informer » of other pages."""
