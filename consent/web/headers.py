"""What does every answer tell the browser? To run only our own files, to keep no copy, and to tell nobody."""

from flask import Flask, Response, current_app, g, request

from consent.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
WHERE_CODES_ARE_SCANNED = CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
TWO_YEARS = 2 * 365 * 24 * 60 * 60


def init_headers(app: Flask) -> None:
    app.after_request(add_headers)


def scans_codes() -> None:
    """Let the page read what its camera sees, with a reader that the browser compiles."""
    g.scans_codes = True


def add_headers(response: Response) -> Response:
    response.headers.extend(HEADERS)
    if g.get("scans_codes"):
        response.headers["Content-Security-Policy"] = WHERE_CODES_ARE_SCANNED
    if "Vary" in response.headers:
        response.vary.add("Cookie")
    else:
        response.headers.add("Vary", "Cookie")
    settings: Settings = current_app.config["CONSENT"]
    if settings.secure:
        response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}"
    if request.endpoint != "static" or response.status_code >= 400:  # noqa: PLR2004  # what is not found is not kept
        response.headers["Cache-Control"] = "no-store"
    return response
