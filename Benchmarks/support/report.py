"""Tables in Markdown, ready for docs/performance.md, and the goals."""


def table(head, rows):
    """Rows that are still being measured, from a generator, are printed as they come."""
    print("\n| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head), flush=True)
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)


def ms(value):
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def times(ratio):
    """A ratio with its range over the rounds."""
    middle, low, high = ratio
    return f"{middle:.2f}× ({low:.2f}–{high:.2f})"


class Goals:
    """What was to be reached, and what was."""

    def __init__(self):
        self.rows = []

    def at_least(self, what, measured, goal, unit="×"):
        self._add(what, measured, goal, unit, "≥", measured >= goal)

    def at_most(self, what, measured, goal, unit="×"):
        self._add(what, measured, goal, unit, "≤", measured <= goal)

    def below(self, what, measured, bound):
        """Less than what another has; nothing is as good as it gets, so two without any are even."""
        is_reached = measured < bound or measured == bound == 0
        self.rows.append([what, f"< {bound:.1f}", f"{measured:.1f}", "reached" if is_reached else "**short**"])

    def _add(self, what, measured, goal, unit, sign, reached):
        digits = 2 if unit == "×" else 3 if goal < 1 else 0
        self.rows.append([what, f"{sign} {goal:.4g}{unit}", f"{measured:.{digits}f}{unit}", "reached" if reached else "**short**"])

    def print(self):
        table(["goal", "wanted", "measured", ""], self.rows)
