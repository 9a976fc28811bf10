"""Exit statuses of the processes of an exchange, by which whoever has started one knows what to do."""

from typing import Final

STOPPED: Final = 0
"""It was told to."""
REFUSED: Final = 3
"""It will not start however often it is tried: its home is locked, damaged or of another version."""
FAILED: Final = 4
"""Its disk failed: it may do better when it is started again."""
