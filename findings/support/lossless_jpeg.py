"""Writes lossless JPEG (ITU-T T.81, annex H) of one component, so that decoders can be compared."""


def encode(rows, bits, predictor, point_transform=0, restart_rows=0):
    """Rows of whole numbers as JPEG; every difference has a Huffman code of 5 bits, its category."""
    height, width = len(rows), len(rows[0])
    s = [[value >> point_transform for value in row] for row in rows]
    out, pending = bytearray(), ""

    def put(value, count):
        nonlocal pending
        pending += format(value & ((1 << count) - 1), f"0{count}b") if count else ""
        while len(pending) >= 8:
            byte, pending = int(pending[:8], 2), pending[8:]
            out.extend([byte] if byte < 255 else [byte, 0])

    def flush():
        put(255, -len(pending) % 8)

    top = 0  # first row of the restart interval: it is predicted from the left alone
    for y in range(height):
        if restart_rows and y and y % restart_rows == 0:
            flush()
            out.extend([0xFF, 0xD0 + (y // restart_rows - 1) % 8])
            top = y
        for x in range(width):
            a, b, c = s[y][x - 1], s[y - 1][x], s[y - 1][x - 1]
            if y == top:
                guess = a if x else 1 << (bits - point_transform - 1)
            else:
                inner = [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1]
                guess = inner[predictor] if x else b
            difference = s[y][x] - guess
            category = abs(difference).bit_length()
            put(category, 5)
            put(difference - (difference < 0), category)
    flush()
    size = [*height.to_bytes(2, "big"), *width.to_bytes(2, "big")]
    head = bytes([0xFF, 0xD8, 0xFF, 0xC3, 0, 11, bits, *size, 1, 1, 0x11, 0])
    head += bytes([0xFF, 0xC4, 0, 35, 0, 0, 0, 0, 0, 16, *[0] * 11, *range(16)])
    if restart_rows:
        head += bytes([0xFF, 0xDD, 0, 4, *(restart_rows * width).to_bytes(2, "big")])
    return head + bytes([0xFF, 0xDA, 0, 8, 1, 1, 0, predictor, 0, point_transform]) + bytes(out) + b"\xff\xd9"
