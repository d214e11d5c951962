from collections.abc import Iterable
from datetime import datetime

from asgiref.sync import sync_to_async
from django.utils import timezone

from gemini import history, replies, trash
from gemini.models import ChatMessage, ChatSession
from gemini.replies import runtime
from gemini.service.base import ServiceBase
from gemini.trash import Deletion, Restored


class Conversations(ServiceBase):
    """Sessions and messages as things to keep in order; none of this asks Gemini."""

    def create_session(self, title: str) -> ChatSession:
        return ChatSession.objects.create(user=self.user, title=title)

    def update_session(
        self, session: ChatSession, *, title: str | None = None, is_active: bool | None = None
    ) -> ChatSession:
        """Renames a session, archives it (`is_active`), or takes it back; the model will not rename it any more."""
        self._check_own(session)
        if title is not None:
            session.title, session.title_origin = title, ChatSession.TitleOrigin.HAND
        if is_active is not None:
            session.is_active = is_active
        session.save(update_fields=["title", "title_origin", "is_active", "updated_at"])
        return session

    def archive(self, sessions: Iterable[ChatSession], *, active: bool = False) -> None:
        """Puts sessions away, or takes them back, without moving them in time."""
        own = ChatSession.objects.for_user(self.user)
        own.filter(pk__in=[session.pk for session in sessions]).update(is_active=active)

    def pin(self, session: ChatSession, *, pinned: bool = True) -> None:
        """Keeps a session above the others, or lets it back among them."""
        self._check_own(session)
        session.pinned_at = timezone.now() if pinned else None
        session.save(update_fields=["pinned_at"])

    def delete(self, session: ChatSession) -> Deletion:
        """Puts a session into the trash; a reply that is running there ends. `restore` undoes it."""
        self._check_own(session)
        return self.delete_many([session.pk])

    def delete_many(self, session_ids: Iterable[int]) -> Deletion:
        """As `delete`, in one act; what is not the user's is passed over."""
        deletion, deleted = trash.delete_sessions(self.user, session_ids)
        for session_id in deleted:
            runtime.call(replies.abandon_session(session_id))
        replies.stop_sessions_elsewhere(deleted)
        return deletion

    def stop_all(self) -> None:
        """Ends every reply of the user's that is being written, in this process and in others."""
        running = ChatMessage.objects.filter(session__user=self.user, status=ChatMessage.Status.GENERATING)
        sessions = list(running.values_list("session_id", flat=True))
        for session_id in sessions:
            runtime.call(replies.abandon_session(session_id))
        replies.store.stop_sessions_elsewhere(sessions)

    def erase_everything(self) -> None:
        """Removes every row of the user's in this app, for good and past the trash."""
        trash.erase(self.user)

    def clear_history(self, session: ChatSession) -> Deletion:
        """Puts a session's messages into the trash, all in one act. Raises `ReplyInProgress`."""
        return trash.clear(self.user, session.pk)

    def restore(self, moment: datetime) -> Restored:
        """Undoes the deletion of that moment: brings back exactly what it deleted; nothing when it is gone."""
        return trash.restore(self.user, moment)

    def restore_session(self, session_id: int) -> ChatSession:
        """Brings one session back from the trash. Raises `SessionNotFound`."""
        return trash.restore_session(self.user, session_id)

    def add_message(self, session: ChatSession, role: str, content: str) -> ChatMessage:
        """Adds a message at the end, which nobody answers."""
        return history.add(self.user, session.pk, role, content)

    def change_message(self, message: ChatMessage, content: str) -> ChatMessage:
        """Writes a message anew, in its place. Raises `ReplyInProgress` for the reply that is being written."""
        return history.change(self.user, message.pk, content)

    def delete_message(self, message: ChatMessage) -> Deletion:
        """Puts one message into the trash. Raises `ReplyInProgress` for the reply that is being written."""
        return trash.delete_message(self.user, message.pk)

    async def acreate_session(self, title: str) -> ChatSession:
        return await sync_to_async(self.create_session)(title)

    async def aupdate_session(
        self, session: ChatSession, *, title: str | None = None, is_active: bool | None = None
    ) -> ChatSession:
        return await sync_to_async(self.update_session)(session, title=title, is_active=is_active)

    async def aarchive(self, sessions: Iterable[ChatSession], *, active: bool = False) -> None:
        await sync_to_async(self.archive)(sessions, active=active)

    async def apin(self, session: ChatSession, *, pinned: bool = True) -> None:
        await sync_to_async(self.pin)(session, pinned=pinned)

    async def adelete(self, session: ChatSession) -> Deletion:
        return await sync_to_async(self.delete)(session)

    async def adelete_many(self, session_ids: Iterable[int]) -> Deletion:
        return await sync_to_async(self.delete_many)(session_ids)

    async def aclear_history(self, session: ChatSession) -> Deletion:
        return await sync_to_async(self.clear_history)(session)

    async def arestore(self, moment: datetime) -> Restored:
        return await sync_to_async(self.restore)(moment)

    async def arestore_session(self, session_id: int) -> ChatSession:
        return await sync_to_async(self.restore_session)(session_id)

    async def aadd_message(self, session: ChatSession, role: str, content: str) -> ChatMessage:
        return await sync_to_async(self.add_message)(session, role, content)

    async def achange_message(self, message: ChatMessage, content: str) -> ChatMessage:
        return await sync_to_async(self.change_message)(message, content)

    async def adelete_message(self, message: ChatMessage) -> Deletion:
        return await sync_to_async(self.delete_message)(message)
