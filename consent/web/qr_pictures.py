"""How does a page show a QR code without asking for anything more? As a picture inside its own address."""

from base64 import b64encode

from consent.documents.qr import QUIET_ZONE, qr_matrix, rectangles


def qr_picture(text: str) -> str:
    """The address of the picture: vector squares with their quiet zone."""
    matrix = qr_matrix(text)
    side = len(matrix) + 2 * QUIET_ZONE
    path = "".join(
        f"M{left + QUIET_ZONE} {side - QUIET_ZONE - bottom - height}h{width}v{height}h-{width}z"
        for left, bottom, width, height in rectangles(matrix)
    )
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"
