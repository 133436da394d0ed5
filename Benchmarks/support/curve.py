"""A curve as SVG, for the documentation: time a photo against recall."""
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 64, 90, 24, 56
COLORS = ["#c62828", "#1565c0", "#2e7d32"]


def write(path, series, axis="ms a photo (both cores)"):
    """`series`: name -> [(label, milliseconds, recall 0...1)]. Time has a logarithmic axis."""
    times = [time for points in series.values() for _, time, _ in points]
    low, high = math.log10(min(times)) - 0.1, math.log10(max(times)) + 0.1

    def x(time):
        return LEFT + (math.log10(time) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(recall):
        return HEIGHT - BOTTOM - recall / 0.8 * (HEIGHT - TOP - BOTTOM)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for tenth in range(0, 9, 2):
        parts.append(f'<path d="M{LEFT} {y(tenth / 10):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                     f'<text x="{LEFT - 8}" y="{y(tenth / 10) + 4:.1f}" text-anchor="end">{tenth / 10}</text>')
    for time in (5, 10, 20, 50, 100, 200, 500, 1000, 2000):
        if low <= math.log10(time) <= high:
            parts.append(f'<path d="M{x(time):.1f} {HEIGHT - BOTTOM}v5" stroke="#555"/>'
                         f'<text x="{x(time):.1f}" y="{HEIGHT - BOTTOM + 19}" text-anchor="middle">{time}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{axis}</text>'
                 f'<text x="18" y="{(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" '
                 f'transform="rotate(-90 18 {(TOP + HEIGHT - BOTTOM) / 2})">recall at OKS 0.5</text>')
    names = []
    for number, (color, (name, points)) in enumerate(zip(COLORS, series.items())):
        # Above the first curve, below the others.
        beside = -9 if number == 0 else 18
        places = [(x(time), y(recall)) for _, time, recall in points]
        parts.append(f'<path d="M{"L".join(f"{left:.1f} {top:.1f}" for left, top in places)}" fill="none" stroke="{color}" '
                     'stroke-width="2"/>')
        for (label, _, _), (left, top) in zip(points, places):
            parts.append(f'<circle cx="{left:.1f}" cy="{top:.1f}" r="4" fill="{color}"/>'
                         f'<text x="{left:.1f}" y="{top + beside:.1f}" text-anchor="middle" fill="{color}">{label}</text>')
        names.append(f'<text x="{places[-1][0] + 12:.1f}" y="{places[-1][1] + 4:.1f}" font-weight="bold" fill="{color}" '
                     f'stroke="white" stroke-width="5" paint-order="stroke">{name}</text>')
    path.write_text("\n".join([*parts, *names, "</svg>"]) + "\n")
