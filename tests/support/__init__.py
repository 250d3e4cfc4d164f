"""What tests share: a real PostgreSQL, a real browser, LibreOffice, a running dashboard."""
