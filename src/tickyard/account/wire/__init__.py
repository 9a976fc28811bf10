"""OKX's spelling of this slice: one module per family of endpoints. Abbreviations stay in here."""
