"""What Telegram takes, as named numbers. Sources: the Bot API's own pages, by method or type, unless said otherwise."""

from __future__ import annotations

from typing import Final

TEXT: Final = 4_096
"""Characters of a message (sendMessage), counted in Unicode code points, so an emoji of one code point is one."""

ENTITIES: Final = 100
"""Formatted stretches of one message (Bot API server); formatting beyond that is dropped without a word."""

ENTITY_SHARE: Final = TEXT // ENTITIES + 1
"""Characters one formatted stretch is counted as, at least, so that a page full of them is cut before the hundredth."""

ROW_BUTTONS: Final = 8
"""Buttons in a row of an inline keyboard (InlineKeyboardMarkup)."""

KEYBOARD_BUTTONS: Final = 100
"""Buttons of one inline keyboard (Bot API server)."""

BUTTON_DATA_BYTES: Final = 64
"""Bytes of ``callback_data`` in UTF-8 (InlineKeyboardButton)."""

BUTTON_LABEL: Final = 100
"""Characters of a button's label sent; Telegram names no limit and shows about as many as fit one line."""

BUTTON_URL: Final = 2_048
"""Characters of a button's address; browsers and servers agree on no more (RFC 9110 asks for 8,000, few keep it)."""

ROW_COLUMNS: Final = 40
"""Columns of text a phone held upright shows in one row of buttons, the space around each label counted as two."""

NOTICE: Final = 200
"""Characters of the text that answers a press (answerCallbackQuery)."""

ALERT_FROM: Final = 60
"""Characters above which that text is shown until closed, since a toast is gone before it is read."""

PLACEHOLDER: Final = 64
"""Characters shown in the empty input field (ForceReply)."""

LANGUAGE: Final = 20
"""Letters of a code block's language sent; known ones are shorter."""

QUOTE_FOLDED_FROM: Final = 600
"""Characters from which a quotation is folded (expandable block quotation)."""

HEADER: Final = 120
"""Characters kept free for the line that says which part of a long answer this is."""

HEADER_TITLE: Final = 80
"""Characters of the title repeated in that line."""

COMMANDS: Final = 100
"""Commands in one list (setMyCommands)."""

COMMAND_SUMMARY: Final = 256
"""Characters of a command's description (BotCommand)."""

PAYLOAD: Final = 64
"""Characters of A-Z a-z 0-9 _ - after ``?start=`` in a link into the private chat (Deep linking)."""

DOOR_LETTERS: Final = 20
"""Letters of a key to a waiting answer: 32 to the power of 20 of them, so none can be guessed."""

WAITING_DAYS: Final = 30
"""Days an answer waits in the private chat for somebody who has not opened it yet."""

DIALOGUE_DAYS: Final = 7
"""Days after which a form left half-way is forgotten."""

ANONYMOUS_ADMIN: Final = 1_087_968_824
"""Account in whose name administrators who hide themselves write (GroupAnonymousBot)."""

POLL_SECONDS: Final = 30
"""How long Telegram holds a request for updates open; it cuts anything above 50 (Bot API server)."""

POLL_ANSWER_SECONDS: Final = 15.0
"""What such a request may take beyond that before the connection counts as lost."""

POLL_UPDATES: Final = 100
"""Updates taken at once (getUpdates)."""

CALL_SECONDS: Final = 20.0
"""What any other request may take."""

CALLS_AT_ONCE: Final = 16
"""Requests in flight; more are slower, since they wait for each other's connections."""

HOLD_SECONDS: Final = 8
"""An update that its process did not show to be in hand for so long is answered by another over the same database."""

HOLD_EVERY_SECONDS: Final = 3
"""How often a process shows what it has in hand, and looks what others left; both together are less than 15 s."""

WAITING_UPDATES: Final = 1_000
"""Updates in hand from which no more are fetched until some are answered; Telegram keeps the others for a day."""

TRIES: Final = 7
"""Attempts to hand one message over while Telegram cannot be reached or has trouble of its own: about a minute."""

LONGEST_RETRY_SECONDS: Final = 900.0
"""Longest wait Telegram may ask for before a message is given up; longer ones mean a ban, not a rush."""

FIRST_PAUSE_SECONDS: Final = 1.0
"""Pause before the first new attempt after trouble; each further one is twice as long."""

LONGEST_PAUSE_SECONDS: Final = 60.0
"""Longest pause between attempts to reach Telegram."""

FIRST_ATTEMPT_SECONDS: Final = 15.0
"""How long starting waits for Telegram before it lets the others start and goes on trying by itself."""

ROLE_SECONDS: Final = 300.0
"""How long somebody's role in a group is remembered."""

ROLES: Final = 10_000
"""Roles remembered at most."""

UPDATES_KEPT_SECONDS: Final = 2 * 86_400
"""How long handled updates are remembered; Telegram delivers one again for a day at most (Update)."""

FINISH_SECONDS: Final = 3.5
"""What updates in hand get to finish when the bot stops; stopping as a whole must end within five seconds."""

CAPTION: Final = 1_024
"""Characters of the text below a photo (sendPhoto), counted as those of a message."""

PHOTO_BYTES: Final = 10_000_000
"""Bytes of a photo (sendPhoto: at most 10 MB)."""

PHOTO_SIDES: Final = 10_000
"""Pixels of a photo's width and height together (sendPhoto)."""

PHOTO_RATIO: Final = 20
"""How many times as long as the other one side of a photo may be (sendPhoto)."""

POLL_QUESTION: Final = 300
"""Characters of a poll's question (sendPoll)."""

POLL_CHOICE: Final = 100
"""Characters of one of its answers (InputPollOption)."""

POLL_CHOICES: Final = (2, 12)
"""Answers of a poll, at least and at most (sendPoll); fewer than two are no question."""

POLL_EXPLANATION: Final = 200
"""Characters shown with the verdict of a quiz (sendPoll)."""

POLL_EXPLANATION_LINES: Final = 3
"""Lines of that explanation: at most two line feeds (sendPoll)."""

POLL_DAYS: Final = 400
"""Days for which votes in a poll are understood; Telegram lets a poll stay open for ever."""

EARLY_DAYS: Final = 2
"""Days for which votes in unknown polls are kept; Telegram itself keeps what it could not tell for one."""

PATIENCE_SECONDS: Final = 10.0
"""Longest wait Telegram may ask for before a press is left unanswered: its wheel stops by itself, the answer waits."""

WEBHOOK_CONNECTIONS: Final = 40
"""Connections Telegram opens to a webhook at once (setWebhook: 1 to 100)."""

WEBHOOK_BODY_BYTES: Final = 1 << 20
"""Bytes of an update taken; the longest message with every formatting is a tenth of it."""

WEBHOOK_BODY_SECONDS: Final = 10.0
"""How long the body of an update may take to arrive."""

FORGET_SECONDS: Final = 3_600
"""How often what is too old to matter is forgotten, at most."""

IDLE_SECONDS: Final = 10.0
"""How long an unused connection is kept; servers close theirs after a minute or so, and a request may run into that."""

POSTS_AT_ONCE: Final = CALLS_AT_ONCE // 2
"""Requests in flight for what the bot says by itself, so that answers never wait behind it."""

CLOSING_SECONDS: Final = 1.0
"""What calls of the webhook that are being taken get to finish when the bot stops, before the updates in hand do."""

FILE_SECONDS: Final = 15.0
"""How long it may take to ask for a file that somebody sent and to fetch it, all in all."""

TOPIC_NAME: Final = 128
"""Characters of the name of a forum topic (createForumTopic)."""

TOPICS_REMEMBERED: Final = 1_024
"""Topics of which it is remembered what was kept last, so that not everything said in one is written down."""
