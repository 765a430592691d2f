"""What Discord takes, as named numbers. Sources: Discord's developer documentation, by page."""

from __future__ import annotations

from typing import Final

TEXT: Final = 4_000
"""Characters over all text displays of one message (Components reference); counted in UTF-16 units, never fewer."""

CONTENT: Final = 2_000
"""Characters of plain message content (Message resource)."""

COMPONENTS: Final = 40
"""Components of one message, nested ones included (Components reference)."""

SEPARATORS: Final = 5
"""Separators drawn on one message; further ones become blank lines, so that text never takes what buttons need."""

ROW_BUTTONS: Final = 5
"""Buttons in an action row (Components reference)."""

BUTTON_LABEL: Final = 80
"""Characters of a button's label (Components reference)."""

BUTTON_URL: Final = 512
"""Characters of a button's address (Components reference)."""

CUSTOM_ID: Final = 100
"""Characters of a ``custom_id`` (Components reference)."""

SELECT_OPTIONS: Final = 25
"""Options of a select menu (Components reference)."""

OPTION_TEXT: Final = 100
"""Characters of an option's label, value and description, each (Components reference)."""

PLACEHOLDER: Final = 150
"""Characters of a select menu's placeholder (Components reference)."""

MODAL_TITLE: Final = 45
"""Characters of a modal's title (Receiving and responding to interactions)."""

MODAL_PARTS: Final = 5
"""Top-level components of a modal (Receiving and responding to interactions)."""

FIELD_LABEL: Final = 45
"""Characters of the label of a modal's field (Components reference, Label)."""

FIELD_DESCRIPTION: Final = 100
"""Characters of the description of a modal's field (Components reference, Label)."""

FIELD_TEXT: Final = 4_000
"""Characters of a text input's value (Components reference, Text input)."""

FIELD_PLACEHOLDER: Final = 100
"""Characters of a text input's placeholder (Components reference, Text input)."""

SUGGESTIONS: Final = 25
"""Choices an autocomplete may offer (Application commands)."""

SUGGESTION_TEXT: Final = 100
"""Characters of an autocomplete choice's name and of its value, each (Application commands)."""

COMMAND_CHOICES: Final = 25
"""Fixed choices of an option (Application commands)."""

OPTION_LENGTH: Final = 6_000
"""Largest ``max_length`` of a text option (Application commands)."""

HEADER: Final = 200
"""Characters kept free for the line that says which part of a long answer this is."""

HEADER_TITLE: Final = 80
"""Characters of the title repeated in that line."""

ANSWER_SECONDS: Final = 3.0
"""An interaction dies if it has no first answer by then (Receiving and responding to interactions)."""

TOKEN_SECONDS: Final = 15 * 60.0
"""How long an interaction can be answered further after that (Receiving and responding to interactions)."""

DEFER_SECONDS: Final = 0.77
"""An answer that takes longer is announced first: two tries fit before it, and 200 of them are out within a second."""

CONNECTIONS: Final = 64
"""Connections to Discord at once: each takes a handshake, and none is of use while the computer is busy with them."""

REQUEST_SECONDS: Final = 10.0
"""How long one request may take before it counts as lost."""

SEND_PAUSES_SECONDS: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Pauses before a request that failed is sent again, while it is still of use."""

ALT_TEXT: Final = 1_024
"""Characters that describe a picture (Components reference, Media gallery)."""

PICTURE_BYTES: Final = 10 * 1024 * 1024
"""Bytes of one attachment everywhere (Reference, Uploading files)."""

POLL_BUTTONS: Final = 25
"""Answers of a question drawn as buttons; with more of them a menu is easier to read."""

COMMANDS: Final = 100
"""Slash commands of an application (Application commands)."""

COMMAND_TEXT: Final = 8_000
"""Characters of a command's names, descriptions and choices together, in each language (Application commands)."""

LOCALES: Final = frozenset(
    (
        *(
            "id",
            "da",
            "de",
            "en-GB",
            "en-US",
            "es-ES",
            "es-419",
            "fr",
            "hr",
            "it",
            "lt",
            "hu",
            "nl",
            "no",
            "pl",
            "pt-BR",
        ),
        *("ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"),
    )
)
"""Languages in which a command may be described (Reference, Locales)."""

IDENTIFY_SECONDS: Final = 5.0
"""Pause before a new session after Discord declared the old one invalid (Gateway: one to five seconds)."""

STEADY_SECONDS: Final = 5.0
"""A connection that breaks sooner is not resumed at once but with pauses that grow."""

FINISH_SECONDS: Final = 3.5
"""What interactions in hand get to finish when the bot stops; stopping as a whole must end within five seconds."""

HANG_UP_SECONDS: Final = 1.0
"""What the connection gets after that to be closed in good order."""

FIRST_PAUSE_SECONDS: Final = 1.0
"""Pause before the first new attempt to connect; each further one is twice as long."""

LONGEST_PAUSE_SECONDS: Final = 300.0
"""Longest pause between attempts: 288 a day, well within the 1,000 identifies a day (Gateway)."""

FIRST_ATTEMPT_SECONDS: Final = 15.0
"""How long starting waits for Discord before it lets the other platforms start and goes on trying by itself."""

EVENTS_REMEMBERED: Final = 4_096
"""Interactions remembered so that one delivered again after a resume is not answered again."""

CARDS_REMEMBERED: Final = 128
"""Drawn answers remembered, a few kilobytes each: a card is drawn again only when something on it changed."""

FORM_DAYS: Final = 400
"""Days for which a form that could not be opened at once waits behind its button."""

LANGUAGE_DAYS: Final = 400
"""Days for which the language of somebody's app is kept after it was noted."""

LANGUAGE_NOTED_DAYS: Final = 30
"""Days after which a language that is still the same is noted anew, so that it is kept for whoever stays."""

ARRIVAL_DAYS: Final = 7
"""Days for which the bot's own arrival in a server is remembered; Discord tells of it as new for minutes."""

THREAD_NAME: Final = 100
"""Characters of the name of a thread or of an entry in a forum (Channel)."""

FILE_SECONDS: Final = 15.0
"""How long it may take to fetch a file that somebody sent."""

POST_SECONDS: Final = 30.0
"""How long one attempt at a post may take before its fate is unknown."""

DIRECT_SECONDS: Final = 120.0
"""How long an answer in a private chat is sent again: Discord knows its nonce "the past few minutes" (Message)."""

TYPING_SECONDS: Final = 8.0
"""How long until the sign that something is being written is shown again; it lasts ten seconds (Channel)."""

WAITING_MESSAGES: Final = 20
"""Messages of one private chat that wait for their turn; Discord itself lets people write about one a second."""

REMARK_SECONDS: Final = 60.0
"""Within this time somebody who sends pictures or stickers is told only once that these are not read."""

PEOPLE_REMEMBERED: Final = 4_096
"""People of whom it is remembered what language their app is in, and what they were told; 200 bytes each."""
