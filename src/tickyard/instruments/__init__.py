"""What can be traded: assets, spot pairs, fee levels.

The figures stand in the data files of this package; `listing.load` reads them into a `Catalog`, and
`listing.definitions` turns them into the commands that tell the core. An `Instrument` converts between
the decimal strings of the wire and the whole ticks, lots and ledger units of the core, exactly.
States (live, suspended, ...) belong to the core; the catalog follows its events.
"""
