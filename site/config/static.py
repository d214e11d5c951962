from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Content-hashed, compressed files that browsers keep for ever; `import` lines of our modules are hashed too."""

    support_js_module_import_aggregation = True
