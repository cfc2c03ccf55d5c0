"""Settings and credentials: every problem told at once, no secret in any message."""

from __future__ import annotations

import pytest

from adapter.assembly import wanted_by_accounts
from adapter.errors import ConfigurationError
from adapter.mapping.load import load_mapping
from adapter.settings import load_settings
from adapter.share import share_directory

GOOD = """\
version: 1
mapping: mapping.yaml
credentials_directory: credentials
infobase:
  address: https://1c.example.com/trade
  user: odata
accounts:
  - name: main
    seller_id: A1EXAMPLE0
    region: EU
    client_id: amzn1.example
    read_from: "2026-11-01"
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CREDENTIALS_DIRECTORY", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)

    def write(text):
        file = tmp_path / "adapter.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def credentials(tmp_path):
    folder = tmp_path / "credentials"
    folder.mkdir()

    def credential(name, value, mode=0o600):
        (folder / name).write_bytes(value)
        (folder / name).chmod(mode)
        return folder / name

    return credential


def test_defaults(write):
    loaded = load_settings(write(GOOD))
    assert loaded.settings.installation == "amazon-1c"
    assert loaded.settings.poll_seconds == 180
    assert loaded.settings.infobase.name == "main"
    assert loaded.settings.accounts[0].orders_api == "2026-01-01"
    assert loaded.path("mapping.yaml") == loaded.file.parent / "mapping.yaml"


def test_the_sample_is_right():
    loaded = load_settings(share_directory("config") / "adapter.yaml")
    assert [account.name for account in loaded.settings.accounts] == ["main"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("version: 1", "version: 2", "adapter.yaml:1:10 version:"),
        ("  user: odata\n", "", "adapter.yaml:4:1 infobase.user:"),
        ("region: EU", "region: XX", "adapter.yaml:10:13 accounts[1].region:"),
        ("name: main", "name: Main Shop", "adapter.yaml:8:11 accounts[1].name:"),
        ("https://1c", "http://1c", "plain_http: accepted"),
        ("https://1c.example.com/trade", "1c.example.com", "write it as https://server/base"),
        ("https://1c", "https://user:secret@1c", "give the user by `user`"),
        ('"2026-11-01"', '"yesterday"', 'write it as "2026-11-01"'),
        ("user: odata", "usr: odata", 'did you mean "user"'),
        ("mapping: mapping.yaml", "mapping: mapping.yaml\nmapping: other.yaml", "adapter.yaml:3:1"),
        ("accounts:", "acounts:", 'did you mean "accounts"'),
    ],
    ids=[
        "version", "missing", "choice", "pattern", "unencrypted", "address", "user in address", "day", "typo",
        "twice", "typo at the top",
    ],
)  # fmt: skip
def test_problems(write, old, new, expected):
    with pytest.raises(ConfigurationError) as raised:
        load_settings(write(GOOD.replace(old, new)))
    assert expected in str(raised.value)
    assert "secret@" not in str(raised.value)


def test_all_problems_at_once(write):
    broken = GOOD.replace("version: 1", "version: 3").replace("region: EU", "region: X").replace("user: odata", "u: o")
    with pytest.raises(ConfigurationError) as raised:
        load_settings(write(broken))
    assert len(raised.value.problems) >= 3


def test_loopback_needs_no_encryption(write):
    address = "http://127.0.0.1:8702/training"
    loaded = load_settings(write(GOOD.replace("https://1c.example.com/trade", address)))
    assert loaded.settings.infobase.address == address


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigurationError, match=r"nowhere\.yaml"):
        load_settings(tmp_path / "nowhere.yaml")


def test_secret_without_its_line_break(write, credentials):
    credentials("onec-password", b"p\xc3\xa4ss word\r\n")
    assert load_settings(write(GOOD)).secret("onec-password") == "päss word"


@pytest.mark.parametrize(
    ("value", "mode", "expected"),
    [(b"hidden\n", 0o644, "chmod 600"), (b"\n", 0o600, "empty"), (b"\xff\xfe", 0o600, "not readable as text")],
    ids=["readable by others", "empty", "no text"],
)
def test_unusable_secrets(write, credentials, value, mode, expected):
    credentials("onec-password", value, mode)
    with pytest.raises(ConfigurationError, match=expected) as raised:
        load_settings(write(GOOD)).secret("onec-password")
    assert "hidden" not in str(raised.value)


def test_a_missing_secret_is_named(write):
    with pytest.raises(ConfigurationError, match="amazon-main-refresh-token"):
        load_settings(write(GOOD)).secret("amazon-main-refresh-token")


def test_systemds_credentials_go_first(write, credentials, tmp_path, monkeypatch):
    credentials("onec-password", b"from the settings")
    given = tmp_path / "given"
    given.mkdir()
    (given / "onec-password").write_text("from systemd")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    assert load_settings(write(GOOD)).secret("onec-password") == "from systemd"


def test_no_credentials_at_all(write):
    without = GOOD.replace("credentials_directory: credentials\n", "")
    with pytest.raises(ConfigurationError, match="LoadCredential="):
        load_settings(write(without)).secret("onec-password")


def test_systemds_state_directory_goes_first(write, tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    assert load_settings(write(GOOD)).state_directory == tmp_path / "state"


def test_the_version_of_the_orders_api(write):
    assert load_settings(write(GOOD + "    orders_api: v0\n")).settings.accounts[0].orders_api == "v0"
    with pytest.raises(ConfigurationError, match=r"adapter.yaml:13:17 accounts\[1\].orders_api"):
        load_settings(write(GOOD + '    orders_api: "2025"\n'))


def with_account(text):
    return GOOD.rstrip() + "\n" + text


ARN = "arn:aws:sqs:eu-west-1:123456789012:orders"


def test_a_queue(write):
    text = f'    notifications: {{queue: "{ARN}"}}\n    client_secret_created: "2026-06-01"\n'
    (account,) = load_settings(write(with_account(text))).settings.accounts
    assert (account.notifications.queue, account.notifications.poll_seconds) == (ARN, 1800)
    assert account.notifications.sender == "437568002678"
    assert account.client_secret_created.isoformat() == "2026-06-01"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'notifications: {{queue: "{ARN}.fifo"}}', "FIFO"),
        ('notifications: {queue: "https://sqs.eu-west-1.amazonaws.com/1/orders"}', "copy its ARN"),
        (f'notifications: {{queue: "{ARN}", sender: "1"}}', "12 digits"),
        (f'notifications: {{queue: "{ARN}", poll_seconds: 5}}', "poll_seconds"),
        ('client_secret_created: "yesterday"', "is no day"),
    ],
)
def test_what_is_no_queue(write, text, words):
    with pytest.raises(ConfigurationError, match=words):
        load_settings(write(with_account(f"    {text}\n")))


def test_a_secret_is_stored_whole_and_for_its_owner(write, credentials):
    old = credentials("amazon-main-client-secret.new", b"old\n", mode=0o644)
    loaded = load_settings(write(GOOD))
    assert loaded.store_secret("amazon-main-client-secret.new", "fresh") == old
    assert (old.read_text(), old.stat().st_mode & 0o777) == ("fresh\n", 0o600)
    assert [file.name for file in old.parent.iterdir()] == [old.name]
    assert loaded.has_secret(old.name)


def test_systemds_credentials_are_not_written(write, credentials, monkeypatch):
    folder = credentials("any", b"x").parent
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    with pytest.raises(ConfigurationError, match="can only be read"):
        load_settings(write(GOOD)).store_secret("new", "fresh")
    assert not (folder / "new").exists()


def test_a_folder_that_is_not_there(write):
    with pytest.raises(ConfigurationError, match="cannot be written"):
        load_settings(write(GOOD)).store_secret("new", "fresh")


def test_included_data(write):
    text = GOOD + "    included_data: {always: [PACKAGES, PARCELS], never: [RECIPIENT]}\n"
    with pytest.raises(ConfigurationError, match=r"adapter.yaml:13:40 accounts\[1\].included_data.always\[2\]"):
        load_settings(write(text))
    with pytest.raises(ConfigurationError, match="TAX cannot be asked for always and never"):
        load_settings(write(GOOD + "    included_data: {always: [TAX], never: [TAX]}\n"))
    policy = load_settings(write(GOOD + "    included_data: {never: [BUYER]}\n")).settings.accounts[0].included_data
    assert (policy.always, policy.never) == ([], ["BUYER"])


def test_what_the_mapping_needs_cannot_be_left_out(write, tmp_path):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_bytes((share_directory("mappings") / "training.yaml").read_bytes())
    line = (
        mapping.read_text(encoding="utf-8")
        .splitlines()
        .index("      when: {buyer.name: absent, buyer.company: absent}")
    )
    loaded = load_settings(write(GOOD + "    included_data:\n      never: [CANCELLATION, BUYER, FULFILLMENT]\n"))
    with pytest.raises(ConfigurationError) as problem:
        wanted_by_accounts(loaded, load_mapping(mapping))
    assert [str(detail) for detail in problem.value.details] == [
        f"{tmp_path / 'adapter.yaml'}:14:29 accounts[1].included_data.never[2]: BUYER cannot be left out, the mapping "
        f"needs it: {mapping}:{line + 1}:26",
        f"{tmp_path / 'adapter.yaml'}:14:36 accounts[1].included_data.never[3]: FULFILLMENT cannot be left out, "
        "without it there is no status",
    ]


def second(**changes):
    """The settings with the same seller once more."""
    first = GOOD.split("accounts:\n")[1]
    other = {"name": "second", "region": "EU", "marketplaces": "[]", "seller_id": "A1EXAMPLE0"} | changes
    text = first.replace("name: main", f"name: {other['name']}").replace("region: EU", f"region: {other['region']}")
    text = text.replace("A1EXAMPLE0", other["seller_id"])
    return GOOD + text + f"    marketplaces: {other['marketplaces']}\n"


def test_no_order_is_read_by_two_accounts(write):
    with pytest.raises(ConfigurationError, match="main and second would read the same orders of A1EXAMPLE0"):
        load_settings(write(second()))
    with pytest.raises(ConfigurationError, match="would read the same orders"):
        load_settings(write(second(marketplaces="[DE]")))  # the first one reads all of the region
    both = second(marketplaces="[DE, FR]").replace(
        '01"\n  - name: second', '01"\n    marketplaces: [%s]\n  - name: second'
    )
    with pytest.raises(ConfigurationError, match="would read the same orders"):
        load_settings(write(both % "FR"))
    assert len(load_settings(write(both % "IT")).settings.accounts) == 2
    assert len(load_settings(write(second(region="NA"))).settings.accounts) == 2
    assert len(load_settings(write(second(seller_id="A2EXAMPLE0"))).settings.accounts) == 2
