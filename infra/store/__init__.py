"""Our own database: the truth about every case. Personal values are sealed before they reach a row."""
