"""One module per kind of data: what the user gave -> the bytes of a summary. Pure; none knows another."""
