from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config import bundling

BUNDLES = {"css/site.css": bundling.css, "js/app.js": bundling.javascript}


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Content-hashed, compressed files that browsers keep for ever; our stylesheets and our modules are one file each.

    Hashes are made of what is bundled: another component is another name, and the old one stays good for open pages.
    """

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        if not options.get("dry_run"):

            def read(name: str) -> str:
                storage, path = paths[name]
                with storage.open(path) as source:
                    return str(source.read().decode())

            # All are made before any is replaced: what is replaced is no source any more.
            made = {name: bundle(name, read) for name, bundle in BUNDLES.items() if name in paths}
            for name, text in made.items():
                self.delete(name)
                self.save(name, ContentFile(text.encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, *args, **options)
