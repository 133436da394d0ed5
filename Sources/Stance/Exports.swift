// What this module's API names, a user of the library gets with one import.
@_exported public import Images
@_exported public import Inference
