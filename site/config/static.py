from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

MODULE_IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Content-hashed, compressed files that browsers keep for ever; `import` lines of our modules are hashed too.

    Django's own switch for that (`support_js_module_import_aggregation`) reads every package's scripts, and fails on an
    `import(…)` in a comment of htmx's SSE extension.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", MODULE_IMPORTS))
