"""One part of a small real OpenStack, from the libraries of Debian's packages, without daemons around it.

serve.py setup-databases FOLDER
serve.py setup-keystone CONF URL PASSWORD REGION | setup-glance CONF | setup-nova CONF FOLDER
serve.py keystone CONF PORT | placement CONF PORT | glance CONF | nova CONF
"""
import ctypes
import os
import signal
import sys
import traceback



def end_with_parent():
    """Whatever becomes of who started this, it does not stay behind."""
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def run(program, module, conf, *args):
    """What a command of the packages does, in a process of its own: they take their arguments only once."""
    main = __import__(module, fromlist=['main']).main
    if os.fork() == 0:
        end_with_parent()
        sys.argv = [program, '--config-file', conf, *args]
        code = 1
        try:
            code = main() or 0
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        # Without what eventlet would do at the end, which fails once it is half gone.
        os._exit(code)
    if os.wait()[1] != 0:
        sys.exit(1)


def setup_databases(folder):
    """SQLite lets others read while one writes once a file is told to; the file remembers it."""
    import sqlite3
    for name in ('keystone', 'glance', 'placement', 'nova_api', 'nova_cell0', 'nova'):
        sqlite3.connect(f'{folder}/{name}.sqlite').execute('PRAGMA journal_mode=WAL')


def setup_keystone(conf, url, password, region):
    manage = ('keystone-manage', 'keystone.cmd.manage', conf)
    for what in (['db_sync'], ['fernet_setup', '--keystone-user', 'root', '--keystone-group', 'root'],
                 ['credential_setup', '--keystone-user', 'root', '--keystone-group', 'root'],
                 ['bootstrap', '--bootstrap-password', password, '--bootstrap-region-id', region,
                  '--bootstrap-public-url', url, '--bootstrap-internal-url', url, '--bootstrap-admin-url', url]):
        run(*manage, *what)


def setup_glance(conf):
    run('glance-manage', 'glance.cmd.manage', conf, 'db_sync')


def setup_nova(conf, folder):
    manage = ('nova-manage', 'nova.cmd.manage', conf)
    for what in (['api_db', 'sync'],
                 ['cell_v2', 'map_cell0', '--database_connection', f'sqlite:///{folder}/nova_cell0.sqlite'],
                 ['db', 'sync'],
                 ['cell_v2', 'create_cell', '--name', 'cell1', '--database_connection',
                  f'sqlite:///{folder}/nova.sqlite', '--transport-url', 'fake://']):
        run(*manage, *what)


def serve(app, port):
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        protocol_version = 'HTTP/1.1'

        def log(self, *_):
            pass

    make_server('127.0.0.1', int(port), app, threaded=True, request_handler=Handler).serve_forever()


def keystone(conf, port):
    sys.argv = ['keystone', '--config-file', conf]
    from keystone.server.wsgi import initialize_public_application
    serve(initialize_public_application(), port)


def placement(conf, port):
    os.environ['OS_PLACEMENT_CONFIG_DIR'] = os.path.dirname(conf)
    sys.argv = ['placement']
    from placement.wsgi import init_application
    serve(init_application(), port)


def glance(conf):
    sys.argv = ['glance-api', '--config-file', conf]
    from glance.cmd.api import main
    main()


def nova(conf):
    """API, conductor, scheduler and compute in one process: they talk to each other in its memory."""
    sys.argv = ['nova', '--config-file', conf]
    import nova.cmd  # noqa: F401, patches what eventlet needs patched
    import os_vif
    from oslo_log import log as logging
    from oslo_service import service as oslo_service
    import nova.conf
    from nova import config, objects, service
    from nova.compute import rpcapi as compute
    from nova.conductor import rpcapi as conductor
    from nova.scheduler import rpcapi as scheduler
    config.parse_args(sys.argv)
    logging.setup(nova.conf.CONF, 'nova')
    objects.register_all()
    os_vif.initialize()
    objects.Service.enable_min_version_cache()
    launcher = oslo_service.ServiceLauncher(nova.conf.CONF, restart_method='reload')
    for binary, topic in (('nova-conductor', conductor.RPC_TOPIC), ('nova-scheduler', scheduler.RPC_TOPIC),
                          ('nova-compute', compute.RPC_TOPIC)):
        launcher.launch_service(service.Service.create(binary=binary, topic=topic))
    launcher.launch_service(service.WSGIService('osapi_compute'))
    launcher.wait()


end_with_parent()
parts = (setup_databases, setup_keystone, setup_glance, setup_nova, keystone, placement, glance, nova)
{part.__name__.replace('_', '-'): part for part in parts}[sys.argv[1]](*sys.argv[2:])
