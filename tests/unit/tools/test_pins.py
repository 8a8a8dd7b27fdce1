"""How a lock's lines become what every pip takes. Must not ask a registry."""

from tools.pins import with_plain_names, without_extras

PLAIN = "idna==3.20 \\\n    --hash=sha256:aa\n"
EXTRA = "pyjwt[crypto]==2.15.1 ; python_full_version < '3.12' \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"


def test_a_pin_with_an_extra_gets_one_without_beside_it_with_the_same_hashes() -> None:
    assert with_plain_names(EXTRA + PLAIN) == EXTRA.replace("[crypto]", "") + EXTRA + PLAIN


def test_a_pin_without_an_extra_stays_alone() -> None:
    assert with_plain_names(PLAIN + PLAIN.replace("idna", "google-auth")) == PLAIN + PLAIN.replace(
        "idna", "google-auth"
    )


def test_versions_name_no_extra_and_keep_their_markers() -> None:
    lock = "idna==3.20\nhttpx[http2,socks]==0.28.1\nnumpy==2.4.6 ; python_full_version < '3.12'\n"
    assert without_extras(lock) == ["idna==3.20", "httpx==0.28.1", "numpy==2.4.6 ; python_full_version < '3.12'"]
