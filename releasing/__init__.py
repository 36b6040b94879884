"""What stands between a change and a release: the checks that `make` and the pipelines run, each a small program.

* `releasing.migrations`: what was handed out is never changed, and the rest fits together;
* `releasing.schema`: clients of the API are not broken by accident;
* `releasing.package`: the wheel and the source distribution have everything in them;
* `releasing.tag`: a release's number, its changelog and what it changes fit together;
* `releasing.notes`: the changelog's section of one version.

They are not part of the package that is installed.
"""
