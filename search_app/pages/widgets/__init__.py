"""Widgets: frames that other sites embed, their loader, the configurator and oEmbed."""
