"""What one message may cost: every bound of the renderer, in one place.

The bounds hold any input of 256 KB under half a second. Past a bound text loses its form, never its content.
"""

from dataclasses import dataclass

# Block stage.
MAX_BLOCK_TOKENS = 16_000  # ~6 µs each to find, as much again to write
MAX_LINES = 9_000  # a line of a paragraph costs ~7 µs twice, whatever it holds
MAX_DEPTH = 24  # quotes count one each, lists two
MAX_TABLE_COLUMNS = 60
MAX_TABLE_CELLS = 3_000

# Inline stage: characters that stop plain text, up to 9 µs each; brackets cost more, the more of them are together.
MAX_MARKS = 16_000
MAX_MARKS_PER_BLOCK = 1_500

# Formulas: ~7 µs a character of LaTeX.
MAX_FORMULA_LENGTH = 2_000
MAX_FORMULAS = 400
MAX_FORMULA_CHARACTERS = 16_000

# Colours in code: regular expressions of some lexers are quadratic in a line's length, and a few in the blank lines.
MAX_CODE_LINE = 500
MAX_CODE_CHARACTERS = 60_000
MAX_HIGHLIGHTING_SECONDS = 0.12

# The sanitiser writes `&` and the no-break space at 2 to 3 µs each, a hundred times dearer than any other character.
MAX_DEAR_CHARACTERS = 40_000


def is_dear_to_clean(text: str, limit: int = MAX_DEAR_CHARACTERS) -> bool:
    return text.count("&") + text.count("\u00a0") > limit


@dataclass(slots=True)
class Budget:
    """What a message has spent (`blocks`, `lines`) and what it has left (all the others)."""

    blocks: int = 0
    lines: int = 0
    marks: int = MAX_MARKS
    formulas: int = MAX_FORMULAS
    formula_characters: int = MAX_FORMULA_CHARACTERS
    code_characters: int = MAX_CODE_CHARACTERS
    highlighting_seconds: float = MAX_HIGHLIGHTING_SECONDS

    def affords_block(self, *, tokens: int, line: int) -> bool:
        """Whether a block may begin on `line`, after `tokens` tokens of this parse."""
        return self.blocks + tokens < MAX_BLOCK_TOKENS and self.lines + line < MAX_LINES

    def take_marks(self, count: int) -> bool:
        if count > min(self.marks, MAX_MARKS_PER_BLOCK):
            return False
        self.marks -= count
        return True

    def take_formula(self, length: int) -> bool:
        if not self.formulas or length > min(self.formula_characters, MAX_FORMULA_LENGTH):
            return False
        self.formulas -= 1
        self.formula_characters -= length
        return True

    def take_code(self, length: int) -> bool:
        if self.highlighting_seconds <= 0 or length > self.code_characters:
            return False
        self.code_characters -= length
        return True
