"""Judges any answer to any request: documented, discreet, and never an error of the program.

It must not know what was meant by a request, nor which of the documented answers is the right one.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

import httpx

from emulator.page import file_name, page_files
from testing import contract
from tools.fuzz.wire import Sent

# What is no HTTP never becomes a request: gunicorn, which stands before the functions, answers it and hangs up.
_SERVERS_OWN: Final = frozenset({400, 414, 417, 431, 501})
_SERVERS_PAGE: Final = re.compile(r"<html>\s*<head>\s*<title>[^<]*</title>.*</html>\s*", re.DOTALL)
_INSIDE: Final = re.compile(r"Traceback|site-packages|File \"")


def fault(sent: Sent, answer: httpx.Response | None) -> str | None:
    """What is wrong with an answer; None when nothing is."""
    if answer is None:
        return "there is no answer"
    if is_servers_own(answer):
        return _fault_of_page(sent, answer)
    if answer.is_redirect:
        return "it leads elsewhere"
    if answer.is_server_error and answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
        return f"it is answered {answer.status_code}"
    if sent.method == "OPTIONS":
        is_preflight = (answer.status_code, answer.content) == (HTTPStatus.NO_CONTENT, b"")
        return None if is_preflight else "it is no answer to a preflight"
    return None if _is_of_the_page(sent, answer) else _fault_by_contract(sent, answer)


def _is_of_the_page(sent: Sent, answer: httpx.Response) -> bool:
    """Whether it is a file of the page, which the local server has beside all that the contract tells."""
    file = page_files().get(file_name(sent.path))
    if file is None or answer.status_code != HTTPStatus.OK:
        return False
    return sent.method == "HEAD" or (sent.method == "GET" and answer.content == file.read_bytes())


def _fault_by_contract(sent: Sent, answer: httpx.Response) -> str | None:
    if sent.method == "HEAD" and answer.status_code == HTTPStatus.BAD_REQUEST:
        return "it has a body" if answer.content else None
    try:
        contract.check_answer(*_documented(sent, answer.status_code), answer)
    except AssertionError as error:
        return f"it is not the documented answer: {str(error).splitlines()[0] if str(error) else 'see the contract'}"
    except ValueError:
        return "it says that it is JSON, and is none"
    return None


def _documented(sent: Sent, status: int) -> tuple[str, str]:
    """The method and the path that the contract names.

    A slash at the end of a path is harmless; what is no sound HTTP is answered as it is everywhere.
    """
    if status == HTTPStatus.BAD_REQUEST:
        return "POST", "/streak/reset"
    if "//" in sent.path or not sent.path.startswith("/"):
        return sent.method, sent.path
    return sent.method, sent.path.removesuffix("/")


def is_servers_own(answer: httpx.Response) -> bool:
    """Whether the request was none, and no function has seen it."""
    return answer.status_code in _SERVERS_OWN and answer.headers.get("Content-Type") == "text/html"


def _fault_of_page(sent: Sent, answer: httpx.Response) -> str | None:
    if answer.headers.get("Connection") != "close":
        return "the connection goes on after what was no request"
    if sent.method == "HEAD" and not answer.content:
        return None
    is_known = _SERVERS_PAGE.fullmatch(answer.text) and not _INSIDE.search(answer.text)
    return None if is_known else "it is no page of the server that is known"
