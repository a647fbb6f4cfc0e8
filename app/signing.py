"""Signatures (Ed25519, RFC 8032) and the keys they are checked by (JWK, RFC 7517 and 8037)."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from app.canonical import canonical
from app.errors import InvalidRequest

ALGORITHM = "Ed25519"
_END = "-----END"


@dataclass(frozen=True)
class Signer:
    """Signs with one key; knows the keys that signed before it."""

    key: Ed25519PrivateKey
    former: tuple[Ed25519PublicKey, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Signer":
        """The keys in a PEM file: the first one signs, the others signed formerly.

        Raises InvalidRequest for a file that cannot be read or holds anything else.
        """
        try:
            blocks = _blocks(path.read_text("ascii"))
        except (OSError, ValueError) as error:
            raise InvalidRequest(f"The signing key {path} cannot be read ({error}).") from None
        try:
            first, *others = (_read(block) for block in blocks)
        except (ValueError, TypeError) as error:
            raise InvalidRequest(f"{path} holds no Ed25519 keys in PEM ({error}).") from None
        if not isinstance(first, Ed25519PrivateKey):
            raise InvalidRequest(f"The first key in {path} has to be a private one: it signs.")
        return cls(first, tuple(_public(key) for key in others))

    def sign(self, content: Any) -> dict[str, str]:
        """The signature of the canonical form of this content."""
        value = _base64url(self.key.sign(canonical(content)))
        return {**_named(self.key.public_key()), "value": value}

    def jwks(self) -> dict[str, Any]:
        """The public keys, for whoever checks a signature."""
        return {"keys": [_jwk(key) for key in (self.key.public_key(), *self.former)]}


def new_key() -> str:
    """A new private key in PEM."""
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        .decode("ascii")
    )


def why_not(
    content: Any, signature: Mapping[str, Any], jwks: Mapping[str, Any] | None = None
) -> str | None:
    """Why a signature of this content does not hold; none if it does.

    That it holds by the key that it brings along says only that nothing was altered. Whose key it
    is, `jwks` tells: the public keys of whom you trust.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(_bytes(signature["public_key"]))
        key.verify(_bytes(signature["value"]), canonical(content))
    except (InvalidSignature, ValueError):
        return "is not this key's signature of the receipt."
    if dict(signature) != {**_named(key), "value": _base64url(_bytes(signature["value"]))}:
        return "names its key or its algorithm wrongly."
    if jwks is not None and _jwk(key)["x"] not in [jwk.get("x") for jwk in jwks["keys"]]:
        return f"none of the keys given is {signature['key']}."
    return None


def _named(key: Ed25519PublicKey) -> dict[str, str]:
    """How a signature names its key."""
    return {
        "algorithm": ALGORITHM,
        "key": thumbprint(key),
        "public_key": _base64url(_raw(key)),
    }


def thumbprint(key: Ed25519PublicKey) -> str:
    """What a key is called: its thumbprint (RFC 7638)."""
    said = {"crv": ALGORITHM, "kty": "OKP", "x": _base64url(_raw(key))}
    return _base64url(hashlib.sha256(canonical(said)).digest())


def _jwk(key: Ed25519PublicKey) -> dict[str, str]:
    return {
        "kty": "OKP",
        "crv": ALGORITHM,
        "x": _base64url(_raw(key)),
        "kid": thumbprint(key),
        "use": "sig",
        "alg": "EdDSA",
    }


def _blocks(pem: str) -> list[str]:
    """The keys in a PEM file, one by one."""
    found: list[str] = []
    block: list[str] = []
    for line in pem.splitlines():
        block.append(line)
        if line.startswith(_END):
            found.append("\n".join(block) + "\n")
            block = []
    return found


def _read(block: str) -> Ed25519PrivateKey | Ed25519PublicKey:
    private = "PRIVATE" in block
    data = block.encode("ascii")
    key = load_pem_private_key(data, None) if private else load_pem_public_key(data)
    if not isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        raise TypeError("a key of another kind")
    return key


def _public(key: Ed25519PrivateKey | Ed25519PublicKey) -> Ed25519PublicKey:
    return key.public_key() if isinstance(key, Ed25519PrivateKey) else key


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _bytes(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
