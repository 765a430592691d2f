"""What the Bot API does when it is asked: takes what Telegram takes, refuses what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.fakes.telegram_chats import BOT, USERNAME, Chat, Json, Message
from tests.fakes.telegram_reader import read


class RefusedError(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, words: str, **parameters: Any) -> None:
        super().__init__(words)
        self.body: Json = {"ok": False, "error_code": status, "description": words}
        if parameters:
            self.body["parameters"] = parameters


class Methods:
    """Everything but updates. ``problems`` collects what a well-behaved bot never does."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.problems: list[str] = []
        self.answers: dict[str, Json | None] = {}
        """What each press was answered; None until it is."""
        self.files: dict[str, bytes] = {}
        """What came along with the request being carried out."""
        self.file_names: dict[str, str] = {}
        self.sent_files: dict[str, bytes] = {}
        """What people sent as files, by Telegram's ids of them."""
        self.numbers: Iterator[int] = count(100)
        self._polls = count(5_000_000_001)

    async def carry_out(self, method: str, values: Json) -> Any:
        """Do what a method does; raises ``RefusedError``."""
        return await getattr(self, "_" + re.sub(r"[A-Z]", lambda found: "_" + found[0].lower(), method))(values)

    async def _get_me(self, _values: Json) -> Json:
        return BOT

    async def _send_message(self, values: Json) -> Json:
        message = self._placed(values, self._text(values["text"], values.get("entities", []), values))
        message.entities = values.get("entities", [])
        return self._said(message)

    async def _send_photo(self, values: Json) -> Json:
        if self._open(values["chat_id"]).no_photos:
            raise RefusedError(400, "Bad Request: not enough rights to send photos to the chat")
        message = self._placed(values, self._caption(values))
        message.entities = values.get("caption_entities", [])
        message.photo = self._photo(values["photo"])
        return self._said(message) | {"photo": [], "caption": message.text}

    async def _send_document(self, values: Json) -> Json:
        if self._open(values["chat_id"]).permissions.get("can_send_documents") is False:
            raise RefusedError(400, "Bad Request: not enough rights to send documents to the chat")
        message = self._placed(values, self._caption(values))
        message.entities = values.get("caption_entities", [])
        name = values["document"].removeprefix("attach://")
        message.document = self.files[name]
        message.file_name = self.file_names[name]
        return self._said(message) | {"document": {"file_name": message.file_name}, "caption": message.text}

    async def _send_poll(self, values: Json) -> Json:
        chat = self._open(values["chat_id"])
        if chat.type == "channel" and not values.get("is_anonymous", True):
            raise RefusedError(400, "Bad Request: non-anonymous polls can't be sent to channel chats")
        right = values.get("correct_option_ids", [])
        if (values.get("type") == "quiz") != bool(right) or any(not 0 <= one < len(values["options"]) for one in right):
            raise RefusedError(400, "Bad Request: wrong correct option ID specified")
        explanation = values.get("explanation", "")
        if len(explanation) > 200 or explanation.count("\n") > 2:
            raise RefusedError(400, "Bad Request: quiz explanation is invalid")
        for text in (values["question"], *(option["text"] for option in values["options"])):
            self._text(text, [], values)
        message = self._placed(values, "")
        message.poll = values | {"id": str(next(self._polls))}
        poll = {"id": message.poll["id"], "question": values["question"], "options": values["options"]}
        return self._said(message) | {"poll": poll}

    async def _edit_message_text(self, values: Json) -> Json:
        message = self._mine(values)
        if message.photo or message.poll or message.document:
            raise RefusedError(400, "Bad Request: there is no text in the message to edit")
        return self._edited(message, self._text(values["text"], values.get("entities", []), values), values.get("entities", []), values)  # fmt: skip

    async def _edit_message_media(self, values: Json) -> Json:
        message, media = self._mine(values), values["media"]
        photo = self._photo(media["media"])
        said = self._edited(message, self._caption(media), media.get("caption_entities", []), values, photo)
        return said | {"photo": []}

    async def _edit_message_caption(self, values: Json) -> Json:
        message = self._mine(values)
        if not message.photo and not message.document:
            raise RefusedError(400, "Bad Request: there is no caption in the message to edit")
        entities = values.get("caption_entities", [])
        return self._edited(message, self._caption(values), entities, values, message.photo)

    async def _stop_poll(self, values: Json) -> Json:
        message = self._mine(values)
        if not message.poll:
            raise RefusedError(400, "Bad Request: message with poll to stop not found")
        if message.poll.get("is_closed"):
            raise RefusedError(400, "Bad Request: poll has already been closed")
        message.poll["is_closed"] = True
        return {"id": message.poll["id"], "is_closed": True}

    async def _delete_message(self, values: Json) -> bool:
        message = self.chats[values["chat_id"]].messages.get(values["message_id"])
        if message is None:
            raise RefusedError(400, "Bad Request: message to delete not found")
        if message.is_old:
            raise RefusedError(400, "Bad Request: message can't be deleted for everyone")
        del self.chats[message.chat].messages[message.number]
        return True

    async def _answer_callback_query(self, values: Json) -> bool:
        query = values["callback_query_id"]
        if self.answers.get(query, 0) is not None:
            raise RefusedError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if "url" in values and not re.fullmatch(rf"https://t\.me/{USERNAME}\?start=[\w-]{{1,64}}", values["url"]):
            raise RefusedError(400, "Bad Request: URL_INVALID")
        self.answers[query] = values
        return True

    async def _get_my_commands(self, values: Json) -> list[Json]:
        return self.commands.get(_scope(values), [])

    async def _set_my_commands(self, values: Json) -> bool:
        for command in values["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise RefusedError(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands[_scope(values)] = values["commands"]
        return True

    async def _get_file(self, values: Json) -> Json:
        file = values["file_id"]
        if file not in self.sent_files:
            raise RefusedError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.sent_files[file])
        if size > 20 * 2**20:
            raise RefusedError(400, "Bad Request: file is too big")
        return {"file_id": file, "file_unique_id": file, "file_size": size, "file_path": f"documents/{file}.yaml"}

    async def _get_chat(self, values: Json) -> Json:
        chat = self._open(values["chat_id"])
        names = ("messages", "audios", "documents", "photos", "videos", "polls", "other_messages")
        allowed = {f"can_send_{name}": True for name in names} | chat.permissions
        return chat.as_json | ({} if chat.type in ("private", "channel") else {"permissions": allowed})

    async def _get_chat_member(self, values: Json) -> Json:
        chat = self._open(values["chat_id"])
        if values["user_id"] == BOT["id"]:
            return {"user": BOT} | chat.bot_standing
        status = chat.statuses.get(values["user_id"])
        if status is None:
            raise RefusedError(400, "Bad Request: user not found")
        return {"status": status, "user": {"id": values["user_id"], "is_bot": False, "first_name": "x"}}

    def _open(self, number: int) -> Chat:
        chat = self.chats.get(number)
        if chat is None:
            raise RefusedError(400, "Bad Request: chat not found")
        if chat.moved_to is not None:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, words, migrate_to_chat_id=chat.moved_to)
        if chat.forbidden:
            raise RefusedError(403, f"Forbidden: {chat.forbidden}")
        return chat

    def _placed(self, values: Json, text: str) -> Message:
        """Put a new message into its chat, if it may stand there."""
        chat = self._open(values["chat_id"])
        thread = values.get("message_thread_id")
        state = chat.topics.get(thread, "deleted") if thread is not None else "open"
        if state == "deleted":
            raise RefusedError(400, "Bad Request: message thread not found")
        if state == "closed":
            raise RefusedError(400, "Bad Request: TOPIC_CLOSED")
        rows, asks = self._marked_up(values.get("reply_markup") or {})
        answers = values.get("reply_parameters", {}).get("message_id")
        if answers is not None and answers not in chat.messages and not values["reply_parameters"].get("allow_sending_without_reply"):  # fmt: skip
            raise RefusedError(400, "Bad Request: message to be replied not found")
        message = Message(next(self.numbers), chat.id, text, mine=True, rows=rows, asks=asks, answers=answers, thread=thread)  # fmt: skip
        chat.messages[message.number] = message
        return message

    def _said(self, message: Message) -> Json:
        chat = self.chats[message.chat]
        return {"message_id": message.number, "date": 1, "chat": chat.as_json} | ({"text": message.text} if message.text else {})  # fmt: skip

    def _mine(self, values: Json) -> Message:
        message = self._open(values["chat_id"]).messages.get(values["message_id"])
        if message is None:
            raise RefusedError(400, "Bad Request: message to edit not found")
        if not message.mine:
            raise RefusedError(400, "Bad Request: message can't be edited")
        return message

    def _edited(self, message: Message, text: str, entities: list[Json], values: Json, photo: bytes = b"") -> Json:
        rows, _asks = self._marked_up(values.get("reply_markup") or {})
        if (text, entities, rows, photo) == (message.text, message.entities, message.rows, message.photo):
            raise RefusedError(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")  # fmt: skip
        message.text, message.entities, message.rows, message.photo = text, entities, rows, photo
        message.edits += 1
        return self._said(message) | {"edit_date": 2}

    def _caption(self, values: Json) -> str:
        text = values.get("caption", "")
        if len(text) > 1024:
            raise RefusedError(400, "Bad Request: message caption is too long")
        return self._text(text, values.get("caption_entities", []), values) if text else ""

    def _photo(self, name: str) -> bytes:
        data = self.files.get(name.removeprefix("attach://"), b"")
        if not data.startswith(b"\x89PNG\r\n\x1a\n") or len(data) > 10_000_000:
            raise RefusedError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        sides = sorted(int.from_bytes(data[start : start + 4], "big") for start in (16, 20))
        if sum(sides) > 10_000 or sides[1] > 20 * sides[0]:
            raise RefusedError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        return data

    def _text(self, text: str, entities: list[Json], values: Json) -> str:
        if "parse_mode" in values:
            self.problems.append("a text is to be parsed; what people typed could act as markup")
        if len(text.encode()) > 32_768:
            raise RefusedError(400, "Bad Request: message is too long")
        found = read(text, entities)
        self.problems += found.problems
        self.problems += [f"{ping} is pinged" for ping in found.pings]
        if found.problems:
            raise RefusedError(400, f"Bad Request: can't parse entities: {found.problems[0]}")
        if not found.text:
            self.problems.append("a text shows nothing")
            raise RefusedError(400, "Bad Request: message text is empty")
        return text

    def _marked_up(self, markup: Json) -> tuple[list[list[Json]], bool]:
        rows: list[list[Json]] = markup.get("inline_keyboard", [])
        keys = [key for row in rows for key in row]
        wrong = [key for key in keys if not key["text"].strip()]
        if len(keys) > 100 or any(not 1 <= len(row) <= 8 for row in rows) or wrong:
            self.problems.append("a keyboard has too many buttons, an empty row or an empty label")
            raise RefusedError(400, "Bad Request: BUTTON_INVALID")
        for key in keys:
            if len({"url", "callback_data"} & set(key)) != 1:
                self.problems.append(f"{key} does not do one thing")
            if "url" in key and not re.fullmatch(r"https?://[^\s/?#.]+(\.[^\s/?#.]+)+([/?#]\S*)?", key["url"]):
                self.problems.append(f"{key['url']} is no address")
                raise RefusedError(
                    400, f"Bad Request: inline keyboard button URL '{key['url']}' is invalid: Wrong HTTP URL"
                )
        return rows, bool(markup.get("force_reply"))


def _scope(values: Json) -> tuple[str, str]:
    return values.get("scope", {}).get("type", "default"), values.get("language_code", "")
