"""What all pages share: layout, templates, assets, components."""
