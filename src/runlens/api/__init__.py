"""Questions -> payloads. No HTTP here."""
