"""How much machine a catalogue needs: measured points, a model fitted to some of them, and what it says of others."""
