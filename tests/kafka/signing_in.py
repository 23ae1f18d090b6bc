"""A listener of a broker that wants TLS and a password (SASL_SSL, SCRAM), with a certificate made for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.kafka import jars

USER = "rollcall"
PASSWORD = "correct-horse"  # of a broker that lives for one test
STORE_PASSWORD = "battery-staple"

_SETTINGS = """
listeners=PLAINTEXT://{plain},SECURED://{secured},CONTROLLER://{controller}
advertised.listeners=PLAINTEXT://{plain},SECURED://{secured}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.secured.scram-sha-512.sasl.jaas.config=\\
org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.location={store}
ssl.keystore.password={store_password}
ssl.keystore.type=PKCS12
"""


class SigningIn:
    """Makes the certificate in `folder`; `certificates` is what a client checks it with.

    Raises jars.Missing.
    """

    def __init__(self, folder: Path) -> None:
        self._store = folder / "broker.p12"
        self.certificates = folder / "broker.pem"
        self.credential = f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]"
        self._keytool(
            *("-genkeypair", "-alias", "broker", "-keyalg", "RSA", "-validity", "2", "-storetype", "PKCS12"),
            *("-dname", "CN=a broker of tests", "-ext", "san=ip:127.0.0.1"),
        )
        self._keytool("-exportcert", "-alias", "broker", "-rfc", "-file", str(self.certificates))

    def settings(self, plain: str, secured: str, controller: str) -> str:
        """What the broker's settings are followed by; given are the addresses of its three listeners."""
        return _SETTINGS.format(
            plain=plain,
            secured=secured,
            controller=controller,
            store=self._store,
            store_password=STORE_PASSWORD,
        )

    def _keytool(self, *arguments: str) -> None:
        tool = Path(jars.java()).resolve().with_name("keytool")
        store = ("-keystore", str(self._store), "-storepass", STORE_PASSWORD)
        subprocess.run([tool, *arguments, *store], check=True, capture_output=True, timeout=60)
