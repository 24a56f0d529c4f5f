"""The served process: limits on connections and request heads."""
